/** The configuration file of an installation as a source. */
@NullMarked
package dev.openmemory.backup.source.config;

import org.jspecify.annotations.NullMarked;
