import { Button, Group, Modal, ScrollArea, Stack, Text } from '@mantine/core';
import { explain } from '../../api/problem';
import type { BulkFailure } from './bulk-run';

/** With which servers something could not be done, and why. They stay selected. */
export function BulkSummary(props: {
  /** Undefined: nothing to tell. */
  readonly title: string | undefined;
  readonly failures: readonly BulkFailure[];
  readonly onClose: () => void;
}) {
  const { title, failures, onClose } = props;
  return (
    <Modal opened={title !== undefined} onClose={onClose} title={title} size="lg">
      <Text size="sm" mb="sm">
        {failures.length === 1 ? 'One could not:' : `${String(failures.length)} could not:`}
      </Text>
      <ScrollArea.Autosize mah="50vh">
        <Stack gap="sm" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
          {failures.map(({ path, error }) => (
            <li key={path}>
              <Text size="sm" fw={600} ff="monospace">
                {path}
              </Text>
              <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                {explain(error)}
              </Text>
            </li>
          ))}
        </Stack>
      </ScrollArea.Autosize>
      <Text size="sm" c="dimmed" mt="sm">
        They are still selected, so that you can try again.
      </Text>
      <Group justify="flex-end" mt="md">
        <Button onClick={onClose} data-autofocus>
          Close
        </Button>
      </Group>
    </Modal>
  );
}
