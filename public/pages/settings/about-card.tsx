import { Anchor, Card, Group, Skeleton, Title } from '@mantine/core';
import { useSettings } from '../../api/settings';
import { Facts } from '../../components/facts';
import { TimeAgo } from '../../components/time-ago';

const LINKS = [
  { href: '/docs', label: 'API documentation' },
  { href: '/api/openapi.json', label: 'OpenAPI' },
  { href: '/health', label: 'Health as JSON' },
];

/** What runs here, since when, and where it is described. */
export function AboutCard() {
  const { data, isPending } = useSettings();
  return (
    <Card p="lg" component="section" aria-labelledby="about">
      <Title order={2} size="h4" mb="md" id="about">
        About
      </Title>
      {isPending && <Skeleton h={96} />}
      {data !== undefined && (
        <Facts
          of={{
            Version: data.version,
            'Node.js': data.node,
            nginx: data.nginx,
            Started: <TimeAgo at={data.startedAt} />,
          }}
        />
      )}
      <Group gap="md" mt="lg">
        {LINKS.map(({ href, label }) => (
          <Anchor key={href} href={href} size="sm">
            {label}
          </Anchor>
        ))}
      </Group>
    </Card>
  );
}
