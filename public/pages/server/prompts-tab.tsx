import { Badge, Group, Stack } from '@mantine/core';
import { IconMessage2 } from '@tabler/icons-react';
import { usePrompts, type PromptView } from '../../api/server-findings';
import type { ServerView } from '../../api/servers';
import { UntrustedText } from '../../components/untrusted-text';
import { FoundHeading } from './found-heading';
import { FoundTab } from './found-tab';

/** The prompts of a server, with what they want to be told. */
export function PromptsTab({ server }: { readonly server: ServerView }) {
  const found = usePrompts(server.path);
  return (
    <FoundTab
      found={found}
      items={found.data?.prompts}
      fetchedAt={found.data?.fetchedAt}
      what="prompts"
      icon={IconMessage2}
    >
      {(prompt) => <PromptCard prompt={prompt} />}
    </FoundTab>
  );
}

function PromptCard({ prompt }: { readonly prompt: PromptView }) {
  const { name, title, description, arguments: wanted = [] } = prompt;
  return (
    <Stack gap={6}>
      <FoundHeading of={prompt} />
      {title !== undefined && <UntrustedText text={name} size="xs" c="dimmed" max={160} />}
      {description !== undefined && <UntrustedText text={description} size="sm" max={400} />}
      {wanted.slice(0, 50).map((argument, index) => (
        <Group key={index} gap={8} align="baseline">
          <UntrustedText
            inline
            ff="monospace"
            size="sm"
            max={100}
            text={textOf(argument.name) || '(no name)'}
          />
          {argument.required === true && (
            <Badge size="xs" color="gray">
              required
            </Badge>
          )}
          <UntrustedText
            inline
            size="sm"
            c="dimmed"
            max={200}
            style={{ whiteSpace: 'normal' }}
            text={textOf(argument.description)}
          />
        </Group>
      ))}
    </Stack>
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
