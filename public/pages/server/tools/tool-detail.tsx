import {
  ActionIcon,
  Alert,
  Badge,
  Button,
  Card,
  Group,
  List,
  Stack,
  Tabs,
  Text,
  Title,
} from '@mantine/core';
import { IconAlertCircle, IconArrowLeft } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useReview, type ToolView } from '../../../api/server-tools';
import { useServerRights } from '../../../api/server-rights';
import type { ServerView } from '../../../api/servers';
import { useMay } from '../../../api/session';
import { CopyIcon } from '../../../components/copy-field';
import { notifyDone, notifyError } from '../../../components/notify';
import { UntrustedText } from '../../../components/untrusted-text';
import { hintsOf } from './annotation-hints';
import { ToolDefinition } from './tool-definition';
import { ToolChanges } from './tool-changes';

const RunPanel = lazy(async () => ({ default: (await import('../run/run-panel')).RunPanel }));

/** One tool: what it says of itself, how it was before, and a way to run it. */
export function ToolDetail(props: {
  readonly server: ServerView;
  readonly tool: ToolView;
  /** Back to the list, where there is no place for both. */
  readonly onBack?: () => void;
}) {
  const { server, tool, onBack } = props;
  // Its tools are what the pages of the console do as well.
  const mayRun = useMay()('tools:call') && server.builtIn !== true;
  const [view, setView] = useState<string | null>(mayRun ? 'run' : 'definition');
  const isChanged = tool.review?.state === 'changed';
  return (
    <Card p="lg">
      <ToolHead tool={tool} {...(onBack && { onBack })} />
      <ReviewNotice server={server} tool={tool} onShow={() => setView('changes')} />
      {tool.description !== undefined && (
        <UntrustedText text={tool.description} size="sm" mb="md" max={700} />
      )}
      <Warnings tool={tool} />
      <Tabs value={view} onChange={setView} variant="outline" keepMounted={false}>
        <Tabs.List mb="md">
          {mayRun && <Tabs.Tab value="run">Run</Tabs.Tab>}
          <Tabs.Tab value="definition">Definition</Tabs.Tab>
          {isChanged && <Tabs.Tab value="changes">Changes</Tabs.Tab>}
        </Tabs.List>
        {mayRun && (
          <Tabs.Panel value="run">
            <Suspense fallback={<Text size="sm">Loading …</Text>}>
              <RunPanel server={server} tool={tool} />
            </Suspense>
          </Tabs.Panel>
        )}
        <Tabs.Panel value="definition">
          <ToolDefinition tool={tool} />
        </Tabs.Panel>
        {isChanged && (
          <Tabs.Panel value="changes">
            <ToolChanges tool={tool} />
          </Tabs.Panel>
        )}
      </Tabs>
    </Card>
  );
}

function ToolHead({ tool, onBack }: { readonly tool: ToolView; readonly onBack?: () => void }) {
  const { name, title, annotations, estimatedTokens } = tool;
  return (
    <Stack gap={6} mb="md">
      <Group gap="xs" wrap="nowrap">
        {onBack !== undefined && (
          <ActionIcon variant="subtle" color="gray" onClick={onBack} aria-label="Back to all tools">
            <IconArrowLeft size={18} />
          </ActionIcon>
        )}
        <Title order={2} size="h4" ff="monospace" style={{ overflowWrap: 'anywhere', minWidth: 0 }}>
          <UntrustedText inline text={name} max={160} style={{ whiteSpace: 'normal' }} inherit />
        </Title>
        <CopyIcon value={name} what="name of the tool" />
      </Group>
      <Group gap={6}>
        {title !== undefined && title !== name && (
          <UntrustedText inline text={title} size="sm" c="dimmed" max={160} />
        )}
        {hintsOf(annotations).map(({ label, color }) => (
          <Badge key={label} size="sm" color={color}>
            {label}
          </Badge>
        ))}
        <Badge size="sm" color="gray">
          about {estimatedTokens.toLocaleString('en')} tokens
        </Badge>
      </Group>
    </Stack>
  );
}

function ReviewNotice(props: {
  readonly server: ServerView;
  readonly tool: ToolView;
  readonly onShow: () => void;
}) {
  const { server, tool, onShow } = props;
  const review = useReview(server.path);
  const rights = useServerRights()(server);
  const state = tool.review?.state;
  if (state !== 'new' && state !== 'changed') return null;
  return (
    <Alert
      mb="md"
      color={state === 'new' ? 'brand' : 'orange'}
      title={state === 'new' ? 'New since the last review' : 'Changed since the last review'}
    >
      <Group gap="xs">
        {state === 'changed' && (
          <Button size="compact-sm" variant="default" onClick={onShow}>
            See what changed
          </Button>
        )}
        {rights.edit && (
          <Button
            size="compact-sm"
            variant="default"
            loading={review.isPending}
            onClick={() =>
              review.mutate([tool.name], {
                onSuccess: () => notifyDone('The tool is marked as reviewed'),
                onError: (error) => notifyError('The tool could not be marked as reviewed', error),
              })
            }
          >
            Mark as reviewed
          </Button>
        )}
      </Group>
    </Alert>
  );
}

function Warnings({ tool: { warnings } }: { readonly tool: ToolView }) {
  if (warnings.length === 0) return null;
  return (
    <Alert mb="md" color="orange" icon={<IconAlertCircle />} title="Things to look at">
      <List size="sm" spacing={4}>
        {warnings.slice(0, 20).map(({ code, message }) => (
          <List.Item key={code + message}>
            <UntrustedText text={message} size="sm" max={300} />
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
