"""Pictures people send."""

from core.files.keeping import File, FilePurpose, FileState, body, expect, fail, file, file_owner, fill, keep
from core.files.pictures import Picture, PictureRefused, check_picture

__all__ = [
    "File",
    "FilePurpose",
    "FileState",
    "Picture",
    "PictureRefused",
    "body",
    "check_picture",
    "expect",
    "fail",
    "file",
    "file_owner",
    "fill",
    "keep",
]
