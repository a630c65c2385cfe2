import { Center, Loader, Stack, Text } from '@mantine/core';
import { Brand } from '../shell/brand';
import classes from './waiting-frame.module.css';

/** What can be shown before it is known who is there: the head of the console, and what is waited for. */
export function WaitingFrame() {
  return (
    <>
      <header className={classes.bar}>
        <Brand />
      </header>
      <Center h="100vh">
        <Stack align="center" gap="sm">
          <Loader aria-label="Loading" />
          <Text size="sm" c="dimmed" className={classes.late}>
            The registry has not answered yet.
          </Text>
        </Stack>
      </Center>
    </>
  );
}
