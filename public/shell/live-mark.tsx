import { Badge, Tooltip, UnstyledButton } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { POLL_MS } from '../api/servers';
import { useLive } from '../live/live-context';
import classes from './live-mark.module.css';

const HELP = `Changes are not pushed to this page at the moment. It asks for them every ${String(POLL_MS / 1000)} seconds. Press to connect now.`;

/** Says so when what is shown is no longer pushed, and may be some seconds old. */
export function LiveMark() {
  const { state, reconnect } = useLive();
  return (
    // It is there before it says something: else nobody who listens would hear it.
    <span role="status">
      {state === 'lost' && (
        <Tooltip label={HELP}>
          <UnstyledButton onClick={reconnect} aria-label="Not live: connect now">
            <Badge
              size="lg"
              variant="filled"
              className={classes.mark}
              leftSection={<IconPlugConnectedX size={14} />}
            >
              Not live
            </Badge>
          </UnstyledButton>
        </Tooltip>
      )}
    </span>
  );
}
