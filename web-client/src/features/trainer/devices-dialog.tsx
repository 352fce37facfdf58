import '../join/join.css';
import { useEffect, useState } from 'preact/hooks';
import { type Devices, listDevices, onDevicesChanged } from '../../call/devices';
import { t } from '../../i18n';
import { type ChosenDevices, keepDevices, keptDevices } from '../../memory';
import { Dialog } from '../../ui/dialog';
import { DeviceSelect } from '../join/device-select';
import { SoundCheck } from '../join/sound-check';
import { useSession } from '../lesson/session';

/** Another camera, microphone or loudspeaker, in the middle of the lesson. */
export function DevicesDialog({ onClose }: { onClose: () => void }) {
  const { call, follow } = useSession();
  const [devices, setDevices] = useState<Devices>({ cameras: [], microphones: [], speakers: [] });
  const [chosen, setChosen] = useState<ChosenDevices>(keptDevices());
  useEffect(() => {
    const refresh = () => void listDevices().then(setDevices);
    refresh();
    return onDevicesChanged(refresh);
  }, []);
  const choose = (kind: 'camera' | 'microphone' | 'speaker') => (id: string) => {
    setChosen({ ...chosen, [kind]: id });
    keepDevices({ [kind]: id });
    void follow(call.chooseDevice(kind, id));
  };
  return (
    <Dialog kind="sheet" title={t('devices.dialog')} onClose={onClose}>
      <div class="device-rows">
        <DeviceSelect
          label={t('devices.camera')}
          devices={devices.cameras}
          value={chosen.camera}
          onChange={choose('camera')}
        />
        <DeviceSelect
          label={t('devices.microphone')}
          devices={devices.microphones}
          value={chosen.microphone}
          onChange={choose('microphone')}
        />
        <DeviceSelect
          label={t('devices.speaker')}
          devices={devices.speakers}
          value={chosen.speaker}
          onChange={choose('speaker')}
        />
      </div>
      <div class="panel">
        <SoundCheck {...(chosen.speaker && { speaker: chosen.speaker })} />
      </div>
    </Dialog>
  );
}
