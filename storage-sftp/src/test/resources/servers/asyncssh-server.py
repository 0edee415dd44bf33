"""An SFTP server by asyncssh. Arguments: address, port, host key, authorized keys, folder."""
import asyncio
import sys

import asyncssh

ADDRESS, PORT, HOST_KEY, AUTHORIZED, FOLDER = sys.argv[1:]


async def serve():
    await asyncssh.listen(
        ADDRESS,
        int(PORT),
        server_host_keys=[HOST_KEY],
        authorized_client_keys=AUTHORIZED,
        sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=FOLDER.encode()),
        allow_scp=False,
    )
    await asyncio.get_running_loop().create_future()


asyncio.run(serve())
