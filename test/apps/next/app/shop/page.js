import Shop from '../../shop';

export const metadata = { title: 'Shop' };

export default function Page() {
  return <Shop search="/search?q=shoes" />;
}
