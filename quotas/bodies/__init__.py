"""The bodies that take part, and the organs that issue what they publish."""
