import { Suspense } from 'react';
import { Outlet, useLocation } from 'react-router';
import { PageFault } from '../app/page-fault';
import { PageLoading } from '../app/page-loading';

/** The place of pages: what breaks in one leaves the rest usable, and is gone with the next page. */
export function PageFrame() {
  const { pathname } = useLocation();
  return (
    <PageFault key={pathname}>
      <Suspense fallback={<PageLoading />}>
        <Outlet />
      </Suspense>
    </PageFault>
  );
}
