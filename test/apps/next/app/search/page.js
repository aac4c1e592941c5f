import Found from '../../found';

export const metadata = { title: 'Search' };

export default function Page() {
  return <Found />;
}
