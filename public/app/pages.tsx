import { lazy, Suspense, type ComponentType } from 'react';
import { Navigate, Route, Routes } from 'react-router';
import { NotFoundPage } from './not-found-page';
import { PageLoading } from './page-loading';
import { RequireSession } from './require-session';

/** A page whose script is loaded when somebody first goes there. */
function page(load: () => Promise<ComponentType>) {
  return lazy(async () => ({ default: await load() }));
}

const loadServersPage = async () => (await import('../pages/servers/servers-page')).ServersPage;

const LogInPage = page(async () => (await import('../pages/log-in/log-in-page')).LogInPage);
const ServersPage = page(loadServersPage);
const ServerPage = page(async () => (await import('../pages/server/server-page')).ServerPage);
const RegisterPage = page(
  async () => (await import('../pages/register/register-page')).RegisterPage,
);
const EditPage = page(async () => (await import('../pages/register/edit-page')).EditPage);
const ToolsPage = page(async () => (await import('../pages/tools/tools-page')).ToolsPage);
const UsagePage = page(async () => (await import('../pages/usage/usage-page')).UsagePage);
const GatewayPage = page(async () => (await import('../pages/gateway/gateway-page')).GatewayPage);
const AccessPage = page(async () => (await import('../pages/access/access-page')).AccessPage);
const AuditPage = page(async () => (await import('../pages/audit/audit-page')).AuditPage);
const SettingsPage = page(
  async () => (await import('../pages/settings/settings-page')).SettingsPage,
);
const AccountPage = page(async () => (await import('../pages/account/account-page')).AccountPage);

/**
 * Begins to load the page that most visits begin with beside the question who is there, not after its answer.
 * @param pathname of the address, with /ui
 */
export function loadAhead(pathname: string): void {
  if (!/^\/ui(?:\/servers)?\/?$/.test(pathname)) return;
  // Should it fail, it fails again where it is shown, and is told there.
  loadServersPage().catch(() => undefined);
}

/** What is shown at which address below /ui. Paths of servers have up to three segments. */
export function Pages() {
  return (
    <Suspense fallback={<PageLoading />}>
      <Routes>
        <Route path="/login" element={<LogInPage />} />
        <Route element={<RequireSession />}>
          <Route index element={<Navigate to="/servers" replace />} />
          <Route path="servers" element={<ServersPage />} />
          <Route path="servers/*" element={<ServerPage />} />
          <Route path="new" element={<RegisterPage />} />
          <Route path="edit/*" element={<EditPage />} />
          <Route path="tools" element={<ToolsPage />} />
          <Route path="usage" element={<UsagePage />} />
          <Route path="gateway" element={<GatewayPage />} />
          <Route path="access" element={<AccessPage />} />
          <Route path="audit" element={<AuditPage />} />
          <Route path="settings" element={<SettingsPage />} />
          <Route path="account" element={<AccountPage />} />
          <Route path="*" element={<NotFoundPage />} />
        </Route>
      </Routes>
    </Suspense>
  );
}
