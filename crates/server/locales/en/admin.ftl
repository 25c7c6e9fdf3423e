# The words of the admin pages.
