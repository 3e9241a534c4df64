'use strict';

/*
 * Stands in for `@vscode/native-watchdog`, which is native code without ready-made binaries. It would end an
 * extension host that hangs after its server has gone; that the server has gone at all, the extension host
 * notices by itself, and whoever starts the server ends its whole process group.
 */

exports.start = () => undefined;
exports.exit = (code) => process.exit(code);
