import { Box, Progress, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { UntrustedText } from '../../../components/untrusted-text';
import classes from './run.module.css';
import type { RunningCall } from './use-tool-run';

/** How far a call is, and what the tool says meanwhile. */
export function RunProgress({ call: { since, progress, lines } }: { readonly call: RunningCall }) {
  const seconds = useSeconds(since);
  const { total } = progress ?? {};
  const percent =
    progress === undefined || total === undefined || total <= 0
      ? undefined
      : Math.min(100, Math.max(0, (progress.progress / total) * 100));
  return (
    <Stack gap="xs">
      <Progress
        value={percent ?? 100}
        striped={percent === undefined}
        animated={percent === undefined}
        size="lg"
        aria-label="Progress of the call"
      />
      <Text size="sm" component="div" role="status">
        Running{progress === undefined ? '' : ` · ${countText(progress.progress, total)}`}
        {progress?.message !== undefined && (
          <UntrustedText text={progress.message} size="sm" c="dimmed" max={300} />
        )}
      </Text>
      <Text size="xs" c="dimmed" aria-hidden>
        {seconds} s
      </Text>
      {lines.length > 0 && (
        <Box className={classes.lines} tabIndex={0} role="log" aria-label="Messages of the server">
          {lines.map(({ level, data }, index) => (
            <div key={index}>
              <b>{level.slice(0, 12)}</b>{' '}
              <UntrustedText
                inline
                inherit
                style={{ whiteSpace: 'pre-wrap' }}
                max={500}
                text={typeof data === 'string' ? data : JSON.stringify(data)}
              />
            </div>
          ))}
        </Box>
      )}
    </Stack>
  );
}

function countText(progress: number, total: number | undefined): string {
  const done = progress.toLocaleString('en');
  return total === undefined ? done : `${done} of ${total.toLocaleString('en')}`;
}

function useSeconds(since: number): number {
  const [now, setNow] = useState(since);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, Math.round((now - since) / 1000));
}
