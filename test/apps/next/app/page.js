import Link from 'next/link';

export const metadata = { title: 'Home' };

export default function Home() {
  return <Link id="shop" href="/shop">Shop</Link>;
}
