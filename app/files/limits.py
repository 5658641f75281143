"""What one file, one slot and one demande may weigh, and what the process that opens a file may use."""

MAX_KEPT_BYTES = 2_097_152
"""2 MB: the heaviest file that is kept."""
MAX_READ_BYTES = 16 * 1024 * 1024
"""16 MiB: the heaviest file that is read (a photo this heavy is made smaller)."""
MAX_REQUEST_BYTES = 32 * 1024 * 1024
"""32 MiB: the heaviest request, all its files together."""

MAX_PIXELS = 50_000_000
"""Width times height of an image, read from its header before it is decoded."""
MAX_JPEG_PIXELS = 200_000_000
"""The same for a JPEG, which is decoded at a smaller scale: phones take photos of 108 million pixels."""
MAX_PDF_PAGES = 200
"""Pages of one PDF."""

FILES_PER_EMPLACEMENT = 10
FILES_PER_DEMANDE = 40

CHILD_MEMORY_BYTES = 1024 * 1024 * 1024
"""1 GiB of address space for the process that opens a file."""
CHILD_CPU_SECONDS = {"pdf": 3, "image": 10}
"""A PDF of 18 kB may say two million empty dictionaries, and hold a place for 10 s; a real one takes 0.1 s."""
CHILD_WALL_SECONDS = 15.0
