import { Anchor, Group, Stack, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { GatewayStatusView } from '../../../registry/operations/system/system-view.js';
import { UntrustedText } from '../../components/untrusted-text';
import { EXCLUSIONS } from './outcome-words';
import classes from './gateway.module.css';

/** Who is not served as it should be, why, and what to do. */
export function ExclusionList({ exclusions }: Pick<GatewayStatusView, 'exclusions'>) {
  if (exclusions.length === 0) {
    return (
      <Group gap="xs" c="dimmed" wrap="nowrap">
        <IconCircleCheck size={18} aria-hidden />
        <Text size="sm">None. nginx serves every server that is enabled.</Text>
      </Group>
    );
  }
  return (
    <Stack component="ul" gap={0} className={classes.list}>
      {exclusions.map(({ path, reason, detail }) => (
        <li key={path} className={classes.item}>
          <Group gap="xs" mb={4}>
            <Anchor component={Link} to={`/servers${path}`} fw={600} size="sm">
              {path}
            </Anchor>
            <Text size="sm">{EXCLUSIONS[reason].label}</Text>
          </Group>
          <UntrustedText text={detail} className={classes.message} />
          <Text size="xs" c="dimmed" mt={6}>
            {EXCLUSIONS[reason].remedy}
          </Text>
        </li>
      ))}
    </Stack>
  );
}
