import { Modal } from '@mantine/core';
import { useOpened } from '../components/use-opened';
import { SearchDialog } from './search-dialog';

export function SearchModal(props: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const { isOpen, onClose } = props;
  const opened = useOpened(isOpen);
  return (
    <Modal.Root opened={opened} onClose={onClose} size="lg" yOffset="10vh" centered={false}>
      <Modal.Overlay />
      <Modal.Content aria-label="Search">
        <Modal.Body p={0}>
          <SearchDialog onChoose={onClose} />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
