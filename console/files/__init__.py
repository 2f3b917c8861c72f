"""Content of files: what sort it is, what a picture is made of, and where the bytes are kept.

A picture is never kept as it came: a process of its own with little memory and little time decodes
it and writes it anew, so that what is kept is pixels and nothing else, no place where a photo was
taken and no second file hidden behind the first (T13, T14). Other files are kept as they came, are
never opened by us, and leave as something to save, never to show.

    kinds     which files are taken, told by their first bytes and their name; no input or output
    decoding  a picture as it came, to a picture as it is kept; decoder: the program that does it
    keeping   the bytes by id, in the data folder

Who may keep, say and see a file is the desk's part (`desk/uploads`).
"""
