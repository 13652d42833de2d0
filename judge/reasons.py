"""Why the operating system refused, in Chinese. For both programs."""

from __future__ import annotations

import errno
from typing import Final

_REASONS: Final = {
    errno.EACCES: "没有权限",
    errno.EPERM: "不允许这样做",
    errno.ENOENT: "路径不存在",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EISDIR: "这是文件夹",
    errno.EEXIST: "已经存在",
    errno.ENOSPC: "磁盘已满",
    errno.EFBIG: "文件太大",
    errno.EROFS: "文件系统是只读的",
    errno.ENAMETOOLONG: "名字太长",
    errno.ELOOP: "符号链接成环",
    errno.EIO: "磁盘读写出错",
}


def reason(error: OSError) -> str:
    """Why the system refused, in Chinese where it is one of the usual reasons."""
    return _REASONS.get(error.errno or 0, error.strerror or str(error))
