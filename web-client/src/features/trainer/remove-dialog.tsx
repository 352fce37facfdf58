import type { Participant } from '../../call';
import { T, t } from '../../i18n';
import { Dialog } from '../../ui/dialog';
import { useSession } from '../lesson/session';

/** Removing somebody cannot be undone from here, so it is asked twice. */
export function RemoveDialog({ participant, onClose }: { participant: Participant; onClose: () => void }) {
  const { call, follow } = useSession();
  const remove = () => {
    onClose();
    void follow(call.command({ type: 'remove', participant: participant.id }));
  };
  return (
    <Dialog title={<T k="people.removeTitle" v={{ name: <bdi>{participant.name}</bdi> }} />} onClose={onClose}>
      <p>{t('people.removeText')}</p>
      <div class="dialog-acts">
        <button type="button" class="button" onClick={onClose}>
          {t('people.cancel')}
        </button>
        <button type="button" class="button danger" onClick={remove}>
          {t('people.removeConfirm')}
        </button>
      </div>
    </Dialog>
  );
}
