import { Box, Card, Center, Group, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { Brand } from '../../shell/brand';
import { ThemeMenu } from '../../shell/theme-menu';

/** The frame of what is shown before anything else is. */
export function LogInFrame(props: {
  readonly title: string;
  readonly description?: string;
  readonly children: ReactNode;
}) {
  const { title, description, children } = props;
  useDocumentTitle(`${title} · MCP Gateway`);
  return (
    <Box mih="100vh" component="main">
      <Group justify="flex-end" p="md">
        <ThemeMenu />
      </Group>
      <Center px="md" pb={80} pt="4vh">
        <Stack w="100%" maw={400} gap="lg">
          <Group justify="center">
            <Brand size={40} />
          </Group>
          <Card p="xl" shadow="sm">
            <Stack gap="md">
              <div>
                <Title order={1} size="h3">
                  {title}
                </Title>
                {description !== undefined && (
                  <Text c="dimmed" size="sm" mt={4}>
                    {description}
                  </Text>
                )}
              </div>
              {children}
            </Stack>
          </Card>
        </Stack>
      </Center>
    </Box>
  );
}
