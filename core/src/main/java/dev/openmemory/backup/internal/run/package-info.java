/** What one call into the library works with: settings, a scratch directory, warnings, events. */
@NullMarked
package dev.openmemory.backup.internal.run;

import org.jspecify.annotations.NullMarked;
