// A provider as a process of its own: says its port, then how much memory it holds. `node server.mjs FOLDER`
import { provide } from "./kit.mjs";

const { port } = await provide(null, { received: process.argv[2] });
process.send?.(port);
setInterval(() => process.send?.(process.memoryUsage().rss), 50);
