# The words of the desk pages.
