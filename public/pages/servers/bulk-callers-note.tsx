import { Alert, List, Text } from '@mantine/core';
import { useServerCallers, useUsage } from '../../api/usage';
import { callsText } from '../../components/callers-text';
import { UntrustedText } from '../../components/untrusted-text';

const NAMED = 5;

/** Who would miss which of these servers. Silent as long as it is not known. */
export function BulkCallersNote({ paths }: { readonly paths: readonly string[] }) {
  const { data } = useUsage({ range: '7d' }, 'server');
  return (
    <div role="status">{data !== undefined && <Used paths={usedOf(paths, data.groups)} />}</div>
  );
}

/** @param groups how often each server was called, the busiest first @returns those of them that were called */
function usedOf(
  paths: readonly string[],
  groups: readonly { readonly key: string; readonly calls: number }[],
): readonly string[] {
  const asked = new Set(paths);
  return groups.filter(({ key, calls }) => calls > 0 && asked.has(key)).map(({ key }) => key);
}

function Used({ paths }: { readonly paths: readonly string[] }) {
  if (paths.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        No calls of them in the last 7 days.
      </Text>
    );
  }
  const more = paths.length - NAMED;
  return (
    <Alert color="orange" p="xs" title={`${servers(paths.length)} used in the last 7 days`}>
      <List size="sm">
        {paths.slice(0, NAMED).map((path) => (
          <UsedServer key={path} path={path} />
        ))}
        {more > 0 && <List.Item>and {more.toLocaleString('en')} more</List.Item>}
      </List>
    </Alert>
  );
}

function UsedServer({ path }: { readonly path: string }) {
  const { data } = useServerCallers(path);
  const by = data === undefined ? '' : `: ${callsText(data)}`;
  return (
    <List.Item>
      <UntrustedText text={`${path}${by}`} size="sm" max={400} />
    </List.Item>
  );
}

function servers(count: number): string {
  return count === 1 ? '1 of them was' : `${count.toLocaleString('en')} of them were`;
}
