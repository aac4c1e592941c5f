import { Suspense } from 'react';
import Track from './track';

export default function Layout({ children }) {
  return (
    <html lang="en">
      <head><script src="/settings.js" /></head>
      <body><Suspense><Track /></Suspense>{children}</body>
    </html>
  );
}
