import type { ServerSummary } from '../../api/servers';
import { useUsageSummary } from '../../api/usage';
import { Figures } from '../../components/figures';
import { statusOf } from '../../components/status';

/** All servers in numbers, and what was called today as soon as that is known. */
export function ServerStatistics({ servers }: { readonly servers: readonly ServerSummary[] }) {
  const statuses = servers.map(statusOf);
  const usage = useUsageSummary().data;
  const issues = statuses.filter(({ isIssue }) => isIssue).length;
  return (
    <Figures
      label="In numbers"
      figures={[
        { label: 'Servers', value: servers.length },
        { label: 'Enabled', value: servers.filter(({ enabled }) => enabled).length },
        { label: 'Healthy', value: statuses.filter(({ label }) => label === 'Healthy').length },
        { label: 'Issues', value: issues, isBad: issues > 0 },
        { label: 'Tools', value: servers.reduce((sum, { toolCount }) => sum + toolCount, 0) },
        ...(usage === undefined
          ? []
          : [
              { label: 'Calls today', value: usage.callsToday },
              { label: 'Errors', value: usage.errorsToday, isBad: usage.errorsToday > 0 },
            ]),
      ]}
    />
  );
}
