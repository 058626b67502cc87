// Loaded into a server to be measured without the gate's judging: what comes is stored and relayed as it came. The
// server itself has no such switch.
import { Gate } from '../../../server/board/gate.ts';

Gate.prototype.judge = (update, form) => ({
  admitted: update,
  clients: [...form.spanByClient.keys()],
});
