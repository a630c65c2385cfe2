import { Badge } from '@mantine/core';

/** Marks a server that is part of the gateway. */
export function BuiltInBadge() {
  return (
    <Badge
      color="gray"
      radius="xl"
      flex="none"
      title="A part of the gateway: it cannot be changed, disabled or removed"
    >
      Built in
    </Badge>
  );
}
