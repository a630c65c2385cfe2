import { Badge, Group, Text } from '@mantine/core';

const SHOWN = 4;

/** A few names at a glance; all of them when one points at the rest. */
export function NameList(props: {
  readonly names: readonly string[];
  /** What stands there without any. */
  readonly none: string;
  readonly color?: string;
}) {
  const { names, none, color = 'gray' } = props;
  if (names.length === 0) {
    return (
      <Text size="sm" c="dimmed" span>
        {none}
      </Text>
    );
  }
  const rest = names.slice(SHOWN);
  return (
    <Group gap={4}>
      {names.slice(0, SHOWN).map((name) => (
        <Badge key={name} color={color} maw={220}>
          {name}
        </Badge>
      ))}
      {rest.length > 0 && (
        <Text size="xs" c="dimmed" title={rest.join(', ')}>
          and {rest.length} more
        </Text>
      )}
    </Group>
  );
}
