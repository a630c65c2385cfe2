import { Center, Loader } from '@mantine/core';

export function PageLoading() {
  return (
    <Center h="40vh">
      <Loader aria-label="Loading the page" />
    </Center>
  );
}
