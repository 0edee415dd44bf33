/** Which warnings count. */
@NullMarked
package dev.openmemory.backup.cli.settings.warning;

import org.jspecify.annotations.NullMarked;
