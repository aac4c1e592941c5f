import Head from 'next/head';
import Link from 'next/link';

export default function Home() {
  return <><Head><title>Home</title></Head><Link id="shop" href="/pages/shop">Shop</Link></>;
}
