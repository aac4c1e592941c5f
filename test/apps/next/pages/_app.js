import { useEffect } from 'react';
import { trackPagesRouter } from '@socialgouv/matomo-next';

// As the package's README has it for the Pages Router.
export default function App({ Component, pageProps }) {
  useEffect(() => {
    const { tracking, site } = window.settings;
    trackPagesRouter({ url: tracking.replace(/\/$/, ''), siteId: site, useProxy: false, searchRoutes: ['/pages/search'] });
  }, []);
  return <Component {...pageProps} />;
}
