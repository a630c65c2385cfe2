import { Anchor, Badge, Card, Group, Text, Title } from '@mantine/core';
import type { ServerView } from '../../../api/servers';
import { Fact, Facts } from '../../../components/fact';
import { TimeAgo } from '../../../components/time-ago';
import { UntrustedText } from '../../../components/untrusted-text';

/** Where the source of the server is, and what GitHub tells of it. */
export function RepositoryCard({ server }: { readonly server: ServerView }) {
  const { repository, repositoryFacts: finding } = server;
  if (repository === '') return null;
  return (
    <Card p="lg">
      <Title order={2} size="h4" mb="md">
        Repository
      </Title>
      <Facts>
        <Fact label="Source">
          <Anchor
            href={repository}
            target="_blank"
            rel="noreferrer noopener"
            size="sm"
            style={{ overflowWrap: 'anywhere' }}
          >
            {repository}
          </Anchor>
        </Fact>
        {finding?.facts !== undefined && <GitHubFacts facts={finding.facts} />}
        {finding?.problem !== undefined && (
          <Fact label="Not renewed">
            <Text size="sm">{finding.problem}</Text>
          </Fact>
        )}
        {finding !== undefined && (
          <Fact label="Looked at">
            <TimeAgo at={finding.checkedAt} />
          </Fact>
        )}
      </Facts>
    </Card>
  );
}

function GitHubFacts(props: {
  readonly facts: NonNullable<NonNullable<ServerView['repositoryFacts']>['facts']>;
}) {
  const { description, license, language, stars, topics, archived, serverJson } = props.facts;
  return (
    <>
      {description !== undefined && (
        <Fact label="Says of itself">
          <UntrustedText text={description} size="sm" max={500} />
        </Fact>
      )}
      <Fact label="Licence">
        <UntrustedText inline text={license ?? 'none that GitHub knows'} size="sm" max={100} />
      </Fact>
      {language !== undefined && (
        <Fact label="Language">
          <UntrustedText inline text={language} size="sm" max={100} />
        </Fact>
      )}
      <Fact label="Stars">
        <Group gap={6}>
          <Text size="sm">{stars.toLocaleString('en')}</Text>
          {archived && <Badge color="yellow">Archived</Badge>}
        </Group>
      </Fact>
      {topics.length > 0 && (
        <Fact label="Topics">
          <Group gap={6}>
            {topics.map((topic) => (
              <Badge key={topic} color="gray" maw={220}>
                {topic}
              </Badge>
            ))}
          </Group>
        </Fact>
      )}
      {serverJson !== undefined && (
        <Fact label="server.json">
          <UntrustedText
            inline
            text={`${serverJson.name} ${serverJson.version ?? ''}`}
            size="sm"
            max={300}
          />
        </Fact>
      )}
    </>
  );
}
