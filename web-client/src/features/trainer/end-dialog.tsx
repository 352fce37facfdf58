import { t } from '../../i18n';
import { Dialog } from '../../ui/dialog';
import { useSession } from '../lesson/session';

/** Ending a lesson ends it for everybody, so it is asked twice. */
export function EndDialog({ onClose }: { onClose: () => void }) {
  const { call, follow } = useSession();
  const end = () => {
    onClose();
    void follow(call.command({ type: 'end_lesson' }));
  };
  return (
    <Dialog title={t('trainer.endTitle')} onClose={onClose}>
      <p>{t('trainer.endText')}</p>
      <div class="dialog-acts">
        <button type="button" class="button" onClick={onClose}>
          {t('people.cancel')}
        </button>
        <button type="button" class="button danger" onClick={end}>
          {t('trainer.end')}
        </button>
      </div>
    </Dialog>
  );
}
