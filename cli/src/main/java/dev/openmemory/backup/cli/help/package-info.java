/** How the help of the commands is laid out. */
@NullMarked
package dev.openmemory.backup.cli.help;

import org.jspecify.annotations.NullMarked;
