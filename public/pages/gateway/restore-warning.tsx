import { Code, List, Text } from '@mantine/core';
import type { Generation } from '../../api/gateway-history';
import { TimeAgo } from '../../components/time-ago';

/** What going back means. */
export function RestoreWarning({ generation: each }: { readonly generation: Generation }) {
  const { generation, appliedAt, revision } = each;
  return (
    <>
      <Text size="sm" mb="sm">
        <Code>{generation}</Code>
        {appliedAt !== undefined && (
          <>
            {' '}
            was applied <TimeAgo at={appliedAt} />
          </>
        )}
        {revision !== undefined && ` from revision ${revision.toLocaleString('en')} of the catalog`}
        . Restoring it puts back the servers as they were then, as one change:
      </Text>
      <List size="sm" spacing={4}>
        <List.Item>servers that were changed since get their earlier settings,</List.Item>
        <List.Item>servers that were removed since come back,</List.Item>
        <List.Item>servers that were registered since are removed.</List.Item>
      </List>
      <Text size="sm" mt="sm">
        Users, groups and tokens stay as they are. The present servers can be restored in the same
        way afterwards.
      </Text>
    </>
  );
}
