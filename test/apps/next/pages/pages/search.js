import Head from 'next/head';
import Found from '../../found';

export default function Page() {
  return <><Head><title>Search</title></Head><Found /></>;
}
