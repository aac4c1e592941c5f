import Head from 'next/head';
import Shop from '../../shop';

export default function Page() {
  return <><Head><title>Shop</title></Head><Shop search="/pages/search?q=shoes" /></>;
}
