import { Box, Collapse, Group, Stack, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown } from '@tabler/icons-react';
import { useHealthHistory } from '../../../api/server-findings';
import { elapsedText } from '../../../components/elapsed-text';
import { TimeAgo } from '../../../components/time-ago';
import { UntrustedText } from '../../../components/untrusted-text';
import classes from './health-history.module.css';
import { checkResult } from './health-words';

const LISTED = 12;

/** The last checks: a strip to see how it went, and a list to read why. */
export function HealthHistory({ path }: { readonly path: string }) {
  const { data } = useHealthHistory(path);
  const [isOpen, { toggle }] = useDisclosure(false);
  const checks = data?.checks ?? [];
  if (checks.length === 0) return null;
  const good = checks.filter((check) => checkResult(check).tone === 'good').length;
  return (
    <Box mt="md">
      <UnstyledButton className={classes.head} onClick={toggle} aria-expanded={isOpen}>
        <Text size="sm" fw={550}>
          {summaryText(good, checks.length)}
        </Text>
        <IconChevronDown size={16} className={classes.arrow} aria-hidden />
      </UnstyledButton>
      <div className={classes.strip} aria-hidden>
        {[...checks].reverse().map((check, index) => {
          const { label, tone } = checkResult(check);
          return (
            <Tooltip key={check.checkedAt ?? index} label={label}>
              <span className={classes.mark} data-tone={tone} />
            </Tooltip>
          );
        })}
      </div>
      <Collapse expanded={isOpen}>
        <Stack gap={8} mt="sm" component="ol" className={classes.list}>
          {checks.slice(0, LISTED).map((check, index) => (
            <li key={check.checkedAt ?? index}>
              <Group gap="xs" wrap="nowrap" align="baseline">
                <Text size="xs" c="dimmed" w={110} style={{ flex: 'none' }}>
                  {check.checkedAt !== undefined && <TimeAgo at={check.checkedAt} />}
                </Text>
                <div>
                  <Text size="sm">
                    {checkResult(check).label}
                    {check.latencyMs !== undefined && ` in ${elapsedText(check.latencyMs)}`}
                  </Text>
                  {check.message !== undefined && (
                    <UntrustedText text={check.message} size="xs" c="dimmed" max={200} />
                  )}
                </div>
              </Group>
            </li>
          ))}
        </Stack>
      </Collapse>
    </Box>
  );
}

function summaryText(good: number, all: number): string {
  if (all === 1)
    return good === 1 ? 'The one check so far was good' : 'The one check so far was not good';
  return `${String(good)} of the last ${String(all)} checks were good`;
}
