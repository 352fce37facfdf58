import type { ComponentChildren } from 'preact';
import { t } from '../../i18n';
import { Dialog } from '../../ui/dialog';

/** Chat and participants over the lower part of a narrow screen. */
export function ChatSheet({ onClose, children }: { onClose: () => void; children: ComponentChildren }) {
  return (
    <Dialog kind="tall-sheet" title={t('people.panel')} onClose={onClose}>
      {children}
    </Dialog>
  );
}
