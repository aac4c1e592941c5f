'use client';
import { useEffect } from 'react';
import { usePathname, useSearchParams } from 'next/navigation';
import { trackAppRouter } from '@socialgouv/matomo-next';

// As the package's README has it for the App Router.
export default function Track() {
  const pathname = usePathname();
  const searchParams = useSearchParams();
  useEffect(() => {
    const { tracking, site } = window.settings;
    trackAppRouter({ url: tracking.replace(/\/$/, ''), siteId: site, useProxy: false, pathname, searchParams, enableHeartBeatTimer: true });
  }, [pathname, searchParams]);
  return null;
}
