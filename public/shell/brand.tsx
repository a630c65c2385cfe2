import { Group, Text } from '@mantine/core';
import classes from './brand.module.css';

/** The product's mark and name. */
export function Brand({
  size = 28,
  named = true,
}: {
  readonly size?: number;
  readonly named?: boolean;
}) {
  return (
    <Group gap={10} wrap="nowrap">
      <img src="/ui/favicon.svg" alt="" width={size} height={size} className={classes.mark} />
      {named && (
        <Text fw={700} fz={size > 32 ? 'xl' : 'md'} lh={1.1} className={classes.name}>
          MCP Gateway
        </Text>
      )}
    </Group>
  );
}
