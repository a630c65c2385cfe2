import { Badge, Code, Group, Stack } from '@mantine/core';
import { IconFiles } from '@tabler/icons-react';
import { useResources, type ResourceView } from '../../api/server-findings';
import type { ServerView } from '../../api/servers';
import { CopyIcon } from '../../components/copy-field';
import { UntrustedText } from '../../components/untrusted-text';
import { FoundHeading } from './found-heading';
import { FoundTab } from './found-tab';

/** The resources of a server. */
export function ResourcesTab({ server }: { readonly server: ServerView }) {
  const found = useResources(server.path);
  return (
    <FoundTab
      found={found}
      items={found.data?.resources}
      fetchedAt={found.data?.fetchedAt}
      what="resources"
      icon={IconFiles}
    >
      {(resource) => <ResourceCard resource={resource} />}
    </FoundTab>
  );
}

function ResourceCard({ resource }: { readonly resource: ResourceView }) {
  const { uri, description, mimeType } = resource;
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <FoundHeading of={resource} />
        {mimeType !== undefined && (
          <Badge size="sm" color="gray">
            {mimeType.slice(0, 60)}
          </Badge>
        )}
      </Group>
      <Group gap={4} wrap="nowrap">
        <Code style={{ overflowWrap: 'anywhere' }}>
          <UntrustedText inline inherit text={uri} max={300} style={{ whiteSpace: 'normal' }} />
        </Code>
        <CopyIcon value={uri} what="URI" />
      </Group>
      {description !== undefined && <UntrustedText text={description} size="sm" max={400} />}
    </Stack>
  );
}
