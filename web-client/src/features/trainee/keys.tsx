import { Hand, MessageSquare } from 'lucide';
import { T, t } from '../../i18n';
import { Icon } from '../../ui/icon';
import { Num } from '../../ui/num';
import { useUnread } from '../lesson/chat';
import { FullScreenButton } from '../lesson/full-screen';
import { QualityKey } from '../lesson/quality-key';
import { useSession } from '../lesson/session';
import { LockedKey, SourceKey } from '../lesson/source-keys';
import { holdsFloor, placeInLine } from '../lesson/view';

interface Props {
  narrow: boolean;
  onQuality: () => void;
  onPanel: () => void;
}

export function Keys({ narrow, onQuality, onPanel }: Props) {
  const { room, me } = useSession().state.value;
  if (!room || !me) return null;
  const floor = holdsFloor(room.floor, me.participant);
  return (
    <footer class="keys">
      {!narrow && <QualityKey onOpen={onQuality} />}
      {!floor && <HandKey />}
      {floor ? (
        <div class="controls own-keys">
          <SourceKey source="microphone" />
          <SourceKey source="camera" />
        </div>
      ) : (
        <LockedKey />
      )}
      {narrow ? <ChatKey onPanel={onPanel} /> : <FullScreenButton withWord />}
    </footer>
  );
}

function HandKey() {
  const { call, state, follow } = useSession();
  const { room, me } = state.value;
  if (!room || !me) return null;
  const place = placeInLine(room.hands, me.participant);
  const raised = place !== null;
  const turn = () =>
    follow(call.command(raised ? { type: 'lower_hand', participant: me.participant } : { type: 'raise_hand' }));
  return (
    <div class="hand-key">
      <button
        type="button"
        class={raised ? 'button hand is-raised' : 'button primary hand'}
        onClick={() => void turn()}
      >
        <Icon of={Hand} />
        {raised ? t('hand.lower') : t('hand.raise')}
      </button>
      <span class="hand-place t-s" role="status">
        {raised && <T k="hand.raised" v={{ place }} />}
      </span>
    </div>
  );
}

function ChatKey({ onPanel }: { onPanel: () => void }) {
  const unread = useUnread();
  return (
    <button type="button" class="control" aria-haspopup="dialog" onClick={onPanel}>
      <Icon of={MessageSquare} />
      <span>
        {t('chat.open')} {unread > 0 && <Num>{unread}</Num>}
      </span>
    </button>
  );
}
