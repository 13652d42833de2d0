# Put before an accepted file: the submission after a hostile one, looking for its traces.
def _look_for_traces():
    import os
    import tempfile

    for folder in (".", "/tmp", "/var/tmp", "/dev/shm", "/run", "/", tempfile.gettempdir()):
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        for name in names:
            if "LEFTOVER" in name or folder == ".":
                print(f"LEAK:{folder}/{name!r}")
    for folder in (".", tempfile.gettempdir()):
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"a place to write is still there")
    me, parent = os.getpid(), os.getppid()
    try:
        entries = os.listdir("/proc")
    except OSError:
        entries = []
    for entry in entries:
        try:
            with open(f"/proc/{entry}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except (OSError, IndexError):
            continue
        if entry.isdigit() and int(entry) != me and int(fields[1]) == parent and fields[0] not in "ZX":
            print(f"LEAK:process {entry}")


_look_for_traces()
