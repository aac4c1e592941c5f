import { Head, Html, Main, NextScript } from 'next/document';

export default function Document() {
  return (
    <Html lang="en">
      <Head><script src="/settings.js" /></Head>
      <body><Main /><NextScript /></body>
    </Html>
  );
}
