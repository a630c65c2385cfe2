import { SimpleGrid, Stack } from '@mantine/core';
import { useMay } from '../../api/session';
import { PageHeader } from '../../components/page-header';
import { AboutCard } from './about-card';
import { HealthCard } from './health-card';
import { SettingList } from './setting-list';

/** What is configured and how the registry is; nothing is changed here. */
export function SettingsPage() {
  const mayRead = useMay()('gateway:read');
  return (
    <>
      <PageHeader
        title="Settings"
        description="What the environment of the registry says. It is read at the start; nothing is changed here."
      />
      <Stack gap="lg">
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
          <HealthCard />
          <AboutCard />
        </SimpleGrid>
        {mayRead && <SettingList />}
      </Stack>
    </>
  );
}
